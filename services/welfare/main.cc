#include "common/server/server_main.h"
#include "services/welfare/module.h"

int main(int argc, char** argv) {
  using dangjian::server::ServerOptions;
  return dangjian::server::Main(
      argc, argv,
      {.options = {.name = "dangjian-welfare",
                   .default_listen = "127.0.0.1:7403",
                   .default_admin = "127.0.0.1:9403",
                   .has_store = true,
                   .uses_directory = true},
       .make_module = [](const ServerOptions&) { return std::make_unique<dangjian::welfare::WelfareModule>(); }});
}
