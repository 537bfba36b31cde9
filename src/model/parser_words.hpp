// Private to the model: what the JSON library has against a document, in plain words.
#pragma once

#include <string>
#include <string_view>

namespace datasurface::model {

struct Said {
    std::string message;
    std::string hint;
};

// reason: as the library gives it. rest: the document from the place on that it complains of.
Said in_plain_words(std::string_view reason, std::string_view rest);

} // namespace datasurface::model
