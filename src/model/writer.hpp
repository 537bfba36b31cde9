// Private to the model: writes JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace datasurface::model {

// Writes one document from its first character to its last. Members are written in the order of the calls, so the calls for
// an object are in alphabetical order.
class Writer {
public:
    // Throws XX000 for what is no JSON: values that parse() has not read may hold bytes that are not UTF-8.
    std::string take();

    Writer &member(std::string_view name)
    {
        next();
        quote(name);
        text += ':';
        is_first = true; // the next value has no comma before it
        return *this;
    }

    void open(char bracket)
    {
        next();
        text += bracket;
        is_first = true;
    }

    void close(char bracket)
    {
        text += bracket;
        is_first = false;
    }

    void put(std::string_view value)
    {
        next();
        quote(value);
    }

    void put_whole(std::int64_t value)
    {
        next();
        text += std::to_string(value);
    }

    void put_number(double value)
    {
        next();
        text += digits(value);
    }

    void put_flag(bool value)
    {
        next();
        text += value ? "true" : "false";
    }

    void put_names(const std::vector<std::string> &names)
    {
        open('[');
        for (const std::string &name : names)
            put(name);
        close(']');
    }

    // A list of objects; write(item) writes the members of one.
    template <typename Items, typename Write>
    void put_objects(const Items &items, Write write)
    {
        open('[');
        for (const auto &item : items) {
            open('{');
            write(item);
            close('}');
        }
        close(']');
    }

    void member_unless_empty(std::string_view name, const std::string &value)
    {
        if (!value.empty())
            member(name).put(value);
    }

private:
    void next()
    {
        if (!is_first)
            text += ',';
        is_first = false;
    }

    void quote(std::string_view value);
    void add_character(char c);

    std::string text;
    bool is_first = true;
};

} // namespace datasurface::model
