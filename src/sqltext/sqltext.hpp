// sqltext: the only room that quotes identifiers and literals. Values that change from call to call are passed as
// arguments: $1, $2, ...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace datasurface::sqltext {

// An identifier, always quoted: name -> "name".
std::string identifier(std::string_view name);

// A name with its schema: "schema"."name".
struct Qualified {
    std::string schema;
    std::string name;

    std::string sql() const;
    bool operator==(const Qualified &) const = default;
    auto operator<=>(const Qualified &) const = default;
};

// A string constant; valid under both settings of standard_conforming_strings.
std::string literal(std::string_view value);

// a, b, c
std::string join(const std::vector<std::string> &parts, std::string_view separator);

// {"a","b"}: the text of a text[] value, passed as an argument.
std::string array_literal(const std::vector<std::string> &values);

// Used instead of std::monostate: when all alternatives are trivial or its own, libstdc++'s variant assumes that it always
// holds a value. When copying a text runs out of memory, the variant then destroys a value that was never made, and crashes.
struct Null {
    Null() = default;
    Null(const Null &) noexcept {}
    Null &operator=(const Null &) noexcept { return *this; }
    ~Null() = default;
    bool operator==(const Null &) const { return true; }
};

// A std::string has the type text.
using Value = std::variant<Null, bool, std::int32_t, std::int64_t, std::string>;

// NULL when the text is empty.
Value or_null(const std::string &text);

// A step of a plan. The name identifies it in errors and tests.
struct Statement {
    std::string name;
    std::string text;
    std::vector<Value> arguments;
};

} // namespace datasurface::sqltext
