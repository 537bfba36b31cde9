// Private to the model: recognizes input in other languages than JSON, and says what to do about it.
#pragma once

#include <cstddef>
#include <string_view>

namespace datasurface::model {

inline constexpr std::string_view what_a_model_is =
    "Pass the model as JSON text, such as {\"stores\": []}; the README has an example.";

struct Dialect {
    std::string_view message; // empty: the text is JSON with a syntax error
    std::string_view hint;
};

// offset: where the syntax error is.
Dialect dialect_of(std::string_view text, std::size_t offset);

} // namespace datasurface::model
