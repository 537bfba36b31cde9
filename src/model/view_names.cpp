#include "model/view_names.hpp"

#include <array>

#include "base/text.hpp"
#include "model/lint_names.hpp"

namespace datasurface::model {

namespace {

constexpr std::array<std::string_view, 3> placeholders = {"{store}", "{group}", "{dataset}"};

// The placeholder that the text begins with; empty: none.
std::string_view placeholder_of(std::string_view text)
{
    for (std::string_view const placeholder : placeholders)
        if (text.starts_with(placeholder))
            return placeholder;
    return {};
}

// Text that begins with a brace, but not with a placeholder.
std::string fault_of_brace(std::string_view text)
{
    std::size_t const end = text.find('}');
    if (text.front() == '}')
        return "\"}\" closes nothing";
    return end == std::string_view::npos ? "\"{\" is not closed"
                                         : shown(std::string(text.substr(0, end + 1))) + " is no placeholder";
}

const std::string &value_of(std::string_view placeholder, const Group &group, const Sink &sink)
{
    if (placeholder == "{store}")
        return sink.store;
    return placeholder == "{group}" ? group.name : sink.dataset;
}

} // namespace

std::string fault_of_view_names(std::string_view names)
{
    if (names.size() > longest_identifier)
        return "it is too long";
    for (std::size_t at = names.find_first_of("{}"); at != std::string_view::npos; at = names.find_first_of("{}", at)) {
        std::string_view const known = placeholder_of(names.substr(at));
        if (known.empty())
            return fault_of_brace(names.substr(at));
        at += known.size();
    }
    return {};
}

std::string view_name(std::string_view names, const Group &group, const Sink &sink)
{
    if (names.empty())
        return sink.dataset;
    std::string name;
    while (!names.empty()) {
        std::string_view const placeholder = placeholder_of(names);
        if (placeholder.empty()) {
            name += names.front();
            names.remove_prefix(1);
            continue;
        }
        const std::string &value = value_of(placeholder, group, sink);
        if (value.empty())
            return {}; // it could not be read, and nor could the name
        name += std::string_view(value).substr(0, longest_name + 1);
        names.remove_prefix(placeholder.size());
        if (name.size() > longest_name)
            break; // which is told; a hostile document gets no more memory by it
    }
    return name;
}

} // namespace datasurface::model
