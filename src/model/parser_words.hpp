// Private to the model: syntax errors of the JSON library in plain words.
#pragma once

#include <string>
#include <string_view>

namespace datasurface::model {

struct Said {
    std::string message;
    std::string hint;
};

// reason: the library's message. rest: the document from the place of the error on.
Said in_plain_words(std::string_view reason, std::string_view rest);

} // namespace datasurface::model
