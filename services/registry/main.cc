#include <memory>

#include "common/server/server_main.h"
#include "services/registry/module.h"

int main(int argc, char** argv) {
  return dangjian::server::Main(
      argc, argv,
      {.options = {.name = "dangjian-registry", .default_listen = "127.0.0.1:7401", .default_admin = "127.0.0.1:9401"},
       .make_module = [](const dangjian::server::ServerOptions&) {
         return std::make_unique<dangjian::registry::RegistryModule>();
       }});
}
