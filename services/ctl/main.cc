#include <iostream>

#include "services/ctl/cli.h"

int main(int argc, char** argv) { return dangjian::ctl::Run(argc, argv, std::cout, std::cerr); }
