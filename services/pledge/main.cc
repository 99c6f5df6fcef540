#include "common/server/server_main.h"
#include "services/pledge/module.h"

int main(int argc, char** argv) {
  using dangjian::server::ServerOptions;
  return dangjian::server::Main(
      argc, argv,
      {.options = {.name = "dangjian-pledge",
                   .default_listen = "127.0.0.1:7402",
                   .default_admin = "127.0.0.1:9402",
                   .has_store = true,
                   .uses_directory = true},
       .make_module = [](const ServerOptions&) { return std::make_unique<dangjian::pledge::PledgeModule>(); }});
}
