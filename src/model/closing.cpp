#include "model/closing.hpp"

#include <utility>

#include "base/text.hpp"
#include "model/reader.hpp"

namespace datasurface::model {

std::uint32_t Closing::bit(std::string_view member) const
{
    return bit_of(find_member(shape, member).value());
}

bool Closing::knows(std::string_view member) const
{
    return find_member(shape, member).has_value();
}

bool Closing::has(std::string_view member) const
{
    return ((frame.given | frame.guessed) & bit(member)) != 0;
}

bool Closing::could_read(std::string_view member) const
{
    return (frame.taken & bit(member)) != 0;
}

bool Closing::has_unknown() const
{
    return !frame.others.empty();
}

Pointer Closing::at() const
{
    return reader.here();
}

std::size_t Closing::index() const
{
    return reader.index_in_list();
}

void Closing::note_former_name(std::map<std::size_t, std::string> &were)
{
    if (!notes.was.empty())
        were.emplace(index(), std::exchange(notes.was, {}));
}

void Closing::want_description(const std::string &text)
{
    bool const given = has("description");
    if (!is_blank(text) || (given && !could_read("description")) || !report.takes(Severity::warning))
        return;
    report.warning(given ? at("description") : at(), "no_description", std::string(what()) + " has no description",
                   "Say what it is, for the people who will find it in the database.");
}

} // namespace datasurface::model
