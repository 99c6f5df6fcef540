#include "common/rpc/field_paths.h"

namespace dangjian::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Takes `items[2]` from the front of `items[2].due_date`; without its index.
std::string_view TakeSegment(std::string_view& path) {
  std::string_view segment = path.substr(0, path.find('.'));
  path.remove_prefix(segment.size() == path.size() ? segment.size() : segment.size() + 1);
  return segment.substr(0, segment.find('['));
}

bool IsPathOf(const Descriptor& request, std::string_view path) {
  const Descriptor* message = &request;
  while (!path.empty()) {
    const FieldDescriptor* field =
        message == nullptr ? nullptr : message->FindFieldByName(std::string(TakeSegment(path)));
    if (field == nullptr) return false;
    message = field->message_type();
  }
  return true;
}

}  // namespace

std::string RequestPath(const Descriptor& request, std::string_view path) {
  for (std::string_view rest = path; !rest.empty(); TakeSegment(rest)) {
    if (IsPathOf(request, rest)) return std::string(rest);
  }
  return request.FindFieldByName("name") == nullptr ? "" : "name";
}

}  // namespace dangjian::rpc
