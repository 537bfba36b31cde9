// Private to the model: what somebody passed who passed no JSON, and what to do about it.
#pragma once

#include <cstddef>
#include <string_view>

namespace datasurface::model {

inline constexpr std::string_view what_a_model_is =
    "Pass the model as JSON text, such as {\"stores\": []}; the README has an example.";

struct Dialect {
    std::string_view message; // empty: it is JSON with a mistake
    std::string_view hint;
};

// text cannot be read at offset.
Dialect dialect_of(std::string_view text, std::size_t offset);

} // namespace datasurface::model
