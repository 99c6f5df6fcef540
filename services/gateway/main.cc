#include <memory>

#include "common/server/server_main.h"
#include "services/gateway/module.h"

int main(int argc, char** argv) {
  return dangjian::server::Main(
      argc, argv,
      {.options = {.name = "dangjian-gateway",
                   .default_listen = "127.0.0.1:50050",
                   .default_admin = "127.0.0.1:9400",
                   .has_store = false,
                   .default_pool_threads = 64,
                   .extra_flags = {{"backend", "A service and its address, NAME=HOST:PORT; once for each service", ""},
                                   {"templates", "Folder of the report templates (*.textproto)", ""}}},
       .make_module = [](const dangjian::server::ServerOptions& options) {
         return std::make_unique<dangjian::gateway::GatewayModule>(options.extra.at("backend"),
                                                                   options.extra.at("templates"));
       }});
}
