#include "model/slot_words.hpp"

#include "base/text.hpp"

namespace datasurface::model {

namespace {

struct Describe {
    Expected operator()(const Ignored &) const { return {}; }
    Expected operator()(const Text &) const
    {
        return {"a string", "Write it in double quotes.", "a number, a boolean"};
    }
    Expected operator()(const Word &word) const
    {
        return {quoted(word.words), "Write one of these words, in double quotes.", {}};
    }
    Expected operator()(const Flag &) const
    {
        return {"true or false", "Write true or false, without quotes.", "a string"};
    }
    Expected operator()(const Scalar &scalar) const
    {
        if (scalar.is_whole_if_no_text)
            return {"a string or a whole number", "Write one, such as \"10min\" or 1000.", {}};
        return {"a string, a number, or true or false", "Write one value, such as \"none\", 0 or false.", {}};
    }
    Expected operator()(const Number &number) const
    {
        return {number.is_whole ? "a whole number" : "a number", "Write it without quotes.", "a string"};
    }
    Expected operator()(const List &) const { return {"a list", "Write it in brackets: [ ... ].", {}}; }
    Expected operator()(const Object &object) const
    {
        return {"an object (" + std::string(object.shape->what) + ")", "Write its members in braces: { ... }.", {}};
    }
    Expected operator()(const WordOrObject &either) const
    {
        return {quoted(either.word.words) + " or an object (" + std::string(either.object.shape->what) + ")",
                "Write its members in braces: " + std::string(either.object.shape->example) + ".",
                {}};
    }
    Expected operator()(const TextOrObject &either) const
    {
        return {"a string or an object (" + std::string(either.object.shape->what) + ")",
                "Write its members in braces: " + std::string(either.object.shape->example) + ".",
                {}};
    }
};

} // namespace

Expected expected_value(const Slot &slot)
{
    return std::visit(Describe(), slot);
}

std::string quoted(std::span<const std::string_view> words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 < words.size() ? ", " : " or ";
        text += shown(words[i]);
    }
    return text;
}

std::string range_of(const Number &number)
{
    std::string const least = std::to_string(static_cast<std::int64_t>(number.least));
    std::string const most = std::to_string(static_cast<std::int64_t>(number.most));
    if (number.is_more)
        return "more than " + least + ", and " + (number.is_less ? "less than " : "at most ") + most;
    return least == most ? least : "from " + least + " to " + most;
}

std::string listed(const std::vector<std::string_view> &words)
{
    std::string text;
    for (std::string_view const one : words) {
        text += text.empty() ? "" : ", ";
        text += one;
    }
    return text;
}

} // namespace datasurface::model
