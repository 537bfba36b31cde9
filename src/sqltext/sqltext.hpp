// sqltext: the only place where SQL is quoted. Identifiers and literals become text here and nowhere else;
// values that change from call to call travel as arguments, $1, $2, ...
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

// A string constant; right under both settings of standard_conforming_strings.
std::string literal(std::string_view value);

// a, b, c
std::string join(const std::vector<std::string> &parts, std::string_view separator);

// {"a","b"}: the text of a text[] value, to be sent as an argument.
std::string array_literal(const std::vector<std::string> &values);

// Not std::monostate: of alternatives that are all trivial or its own, libstdc++'s variant believes that it always holds a
// value. When a text cannot be copied for want of memory, it then destroys a value that was never made, and crashes.
struct Null {
    Null() = default;
    Null(const Null &) noexcept {}
    Null &operator=(const Null &) noexcept { return *this; }
    ~Null() = default;
    bool operator==(const Null &) const { return true; }
};

// A std::string is of type text.
using Value = std::variant<Null, bool, std::int32_t, std::int64_t, std::string>;

// The text, or NULL when it is empty.
Value or_null(const std::string &text);

// A named step: what a plan decides and a run executes. The name says in errors and tests which step it was.
struct Statement {
    std::string name;
    std::string text;
    std::vector<Value> arguments;
};

} // namespace datasurface::sqltext
