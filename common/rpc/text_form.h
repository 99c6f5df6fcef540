#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dangjian::rpc {

// How a text is to be read.
struct TextRules {
  bool multiline = false;    // line breaks and tabs are allowed
  bool person_name = false;  // the dots that join the parts of a name become U+00B7
};

struct TextForm {
  std::optional<std::string> changed;  // the text in the one form; nullopt when it has it already
  int64_t characters = 0;              // Unicode code points of it
};

// Brings a text into the one form in which it is stored and compared: Unicode NFC, without blanks (White_Space and the
// fillers U+115F, U+1160, U+2800, U+3164, U+FFA0) at its ends, and with one dot in names of persons, which keyboards
// give as · • ・ ‧ ∙ ⋅ ･ and others. Letters of any time and plane stay, also those that Unicode has not assigned yet
// and those of private use, in which rare names stand in older systems.
//
// nullopt when the text cannot be stored: it is no UTF-8, or holds what nobody sees or what stands for something lost,
// so that it would look like another: control characters, U+2028 and U+2029 outside of multiline text, noncharacters,
// U+FFF9 to U+FFFD, and default-ignorable characters, to which direction marks and overrides belong. Of these stay a
// variation selector after a visible character, joiners where a script needs them (RFC 5892 A.1 and A.2), the joiner of
// an emoji sequence, and the vowel separator inside Mongolian.
std::optional<TextForm> FormText(std::string_view text, TextRules rules);

}  // namespace dangjian::rpc
