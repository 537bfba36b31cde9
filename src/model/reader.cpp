#include "model/reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "model/check_text.hpp"
#include "model/slot_words.hpp"

namespace datasurface::model {

namespace {

// An unknown member has no value; its name is kept only to detect duplicates, and only up to a limit.
constexpr std::size_t most_remembered = 10'000;

// PostgreSQL's text cannot hold U+0000. It is replaced, so that the rest of the value can be read.
bool replace_nul(std::string &value)
{
    if (value.find('\0') == std::string::npos)
        return false;
    std::string replaced;
    for (char const c : value) {
        if (c == '\0')
            replaced += "\uFFFD";
        else
            replaced += c;
    }
    value.swap(replaced);
    return true;
}

// Members that hold a secret elsewhere, or nearly have the name of one. Nobody should look for a place where a model takes one.
bool is_secret(std::string_view name)
{
    std::string const small = in_small_letters(name);
    constexpr std::string_view parts[] = {"passwor", "passwd", "pwd", "passphrase", "secret"};
    auto const is_part = [&small](std::string_view part) { return small.find(part) != std::string::npos; };
    return std::any_of(std::begin(parts), std::end(parts), is_part) ||
           !nearest(small, {"password", "passphrase", "pgpassword"}).empty();
}

const RefusedMember *find_refused(const Object *object, std::string_view name)
{
    if (object == nullptr)
        return nullptr;
    auto const found = std::find_if(object->shape->refused.begin(), object->shape->refused.end(),
                                    [&](const RefusedMember &refused) { return refused.name == name; });
    return found == object->shape->refused.end() ? nullptr : &*found;
}

} // namespace

// ---- values ----

Pointer Reader::here() const
{
    Pointer at;
    for (const Frame &frame : open) {
        if (at.is_cut())
            break;
        at /= frame.is_list ? std::string_view(std::to_string(frame.count - 1)) : std::string_view(frame.key);
    }
    return at;
}

// A hostile document has far more problems than are reported, and the pointer of each may be long.
void Reader::add_problem(Severity severity, std::string_view code, std::string message, std::string hint)
{
    if (!report.takes(severity))
        return;
    if (severity == Severity::error)
        report.error(here(), code, std::move(message), std::move(hint));
    else
        report.warning(here(), code, std::move(message), std::move(hint));
}

std::size_t Reader::index_in_list() const
{
    return open.empty() || !open.back().is_list ? 0 : open.back().count - 1;
}

Slot Reader::next()
{
    if (open.empty())
        return root;
    Frame &frame = open.back();
    return frame.is_list ? next_item(frame) : frame.next;
}

// Every item keeps its position. A list keeps one item more than it may have, so that later checks see that there are too
// many. Items read after the report is full are dropped.
Slot Reader::next_item(Frame &frame)
{
    std::size_t const position = frame.count++;
    const List *const list = std::get_if<List>(&frame.slot);
    if (list == nullptr || position > list->if_long->most || report.full())
        return Ignored();
    return list->kind->append(list->into);
}

void Reader::took()
{
    if (!open.empty())
        open.back().taken |= open.back().member;
}

void Reader::report_nul()
{
    add_problem(Severity::error, "nul_character", "\\u0000 cannot be stored by PostgreSQL", "Leave it out.");
}

// The value of a misspelled member need not have the type of the member that is guessed.
void Reader::refuse(const Slot &wanted, std::string_view found)
{
    if (std::holds_alternative<Ignored>(wanted) || (!open.empty() && open.back().is_guess) || report.full())
        return;
    Expected const expected = expected_value(wanted);
    bool const helps = expected.found.empty() || expected.found.find(found) != std::string_view::npos;
    add_problem(Severity::error, "wrong_type", "expected " + expected.what + ", found " + std::string(found),
                found == "null" ? "Leave the member out if its value is unknown."
                : helps         ? expected.how
                                : "");
}

void Reader::null()
{
    refuse(next(), "null");
}

void Reader::boolean(bool value)
{
    Slot const slot = next();
    if (const Scalar *const scalar = std::get_if<Scalar>(&slot); scalar && !scalar->is_whole_if_no_text)
        return take_scalar(*scalar, value ? "true" : "false");
    const Flag *const flag = std::get_if<Flag>(&slot);
    if (flag == nullptr)
        return refuse(slot, "a boolean");
    took();
    *flag->into = value;
}

void Reader::number(double value, const std::string &digits)
{
    Slot const slot = next();
    if (const Scalar *const scalar = std::get_if<Scalar>(&slot);
        scalar && (!scalar->is_whole_if_no_text || std::trunc(value) == value))
        return take_scalar(*scalar, digits);
    const Number *const wanted = std::get_if<Number>(&slot);
    if (wanted == nullptr || (wanted->is_whole && std::trunc(value) != value)) // JSON has no integers: 90.0 is 90
        return refuse(slot, "a number");
    took();
    take_number(*wanted, value);
}

void Reader::take_number(const Number &wanted, double value)
{
    if (value < wanted.least || value > wanted.most || (wanted.is_more && value == wanted.least) ||
        (wanted.is_less && value == wanted.most)) {
        add_problem(Severity::error, "out_of_range", shown(open.back().key) + " must be " + range_of(wanted));
        return;
    }
    if (wanted.into != nullptr)
        wanted.put(wanted.into, value);
}

void Reader::text(std::string &value)
{
    bool const had_nul = replace_nul(value);
    Slot const slot = next();
    if (had_nul)
        report_nul();
    if (const Text *const text = std::get_if<Text>(&slot))
        take_text(*text, value);
    else if (const Word *const wanted = std::get_if<Word>(&slot))
        take_word(*wanted, value);
    else if (const Scalar *const scalar = std::get_if<Scalar>(&slot))
        take_scalar(*scalar, value);
    else if (const WordOrObject *const either = std::get_if<WordOrObject>(&slot);
             either && either->word.words[0] == value)
        take_word(either->word, value);
    else if (const TextOrObject *const text = std::get_if<TextOrObject>(&slot))
        take_text(text->text, value);
    else
        refuse(slot, "a string");
}

void Reader::take_text(const Text &text, const std::string &value)
{
    took();
    bool const is_fine = value.size() <= text.longest && (text.if_blank->code.empty() || !is_blank(value));
    bool const is_kept = is_fine || check_text(value, *text.if_blank, text.longest, here(), report);
    if (text.into != nullptr)
        *text.into = is_kept ? value : std::string();
}

void Reader::take_scalar(const Scalar &scalar, const std::string &value)
{
    if (!check_text(value, may_be_blank, scalar.longest, here(), report))
        return;
    took();
    *scalar.into = value;
}

void Reader::take_word(const Word &wanted, const std::string &value)
{
    auto const found = std::find(wanted.words.begin(), wanted.words.end(), value);
    if (found != wanted.words.end()) {
        took();
        wanted.put(wanted.into, static_cast<std::size_t>(found - wanted.words.begin()));
        return;
    }
    if (open.back().is_guess || report.full())
        return;
    std::string_view const meant = nearest(value, {wanted.words.begin(), wanted.words.end()});
    add_problem(Severity::error, "unknown_word",
                shown(open.back().key) + " must be " + quoted(wanted.words) + ", not " + shown(value),
                meant.empty() ? "" : "Perhaps " + shown(meant) + " is meant.");
}

// ---- members ----

void Reader::key(std::string &name)
{
    bool const had_nul = replace_nul(name);
    Frame &frame = open.back();
    frame.key = name;
    frame.next = Ignored();
    frame.member = 0;
    frame.is_guess = false;
    if (had_nul)
        report_nul();
    if (report.full())
        return;
    const Object *const object = std::get_if<Object>(&frame.slot);
    std::optional<std::size_t> const position = object == nullptr ? std::nullopt : find_member(*object->shape, name);
    if (!position)
        unknown_member(frame, object);
    else if ((frame.given & bit_of(*position)) != 0)
        report_duplicate(name);
    else
        known_member(frame, *object, *position, false);
}

void Reader::known_member(Frame &frame, const Object &object, std::size_t position, bool is_guess)
{
    frame.member = bit_of(position);
    frame.is_guess = is_guess;
    (is_guess ? frame.guessed : frame.given) |= frame.member;
    const Member &member = object.shape->members[position];
    frame.next = member.in_notes == nullptr ? member.slot(object.into) : member.in_notes(notes);
}

// object: null when the object itself belongs to an unknown member.
void Reader::unknown_member(Frame &frame, const Object *object)
{
    bool const remembers = frame.others.size() < most_remembered;
    if (remembers ? !frame.others.insert(frame.key).second : frame.others.contains(frame.key))
        return report_duplicate(frame.key);
    const RefusedMember *const refused = find_refused(object, frame.key);
    if (refused == nullptr && is_secret(frame.key))
        return add_problem(Severity::error, "secret_in_model",
                           "a model holds no secret, and has no member " + shown(frame.key),
                           "A credential says where user and password are kept: in files of this server, or in a user "
                           "mapping. Change a secret that others may have seen in this document.");
    if (object == nullptr)
        return;
    if (refused != nullptr) {
        add_problem(Severity::error, "refused_member",
                    std::string(object->shape->what) + " may not have member " + shown(frame.key),
                    std::string(refused->hint));
        return count_instead(frame, *refused);
    }
    std::vector<std::string_view> names;
    for (const Member &member : object->shape->members)
        names.push_back(member.name);
    std::string_view const meant = nearest(frame.key, names);
    add_problem(Severity::error, "unknown_member",
                std::string(object->shape->what) + " has no member " + shown(frame.key),
                meant.empty() ? "Known members: " + listed(names) + "." : "Perhaps " + shown(meant) + " is meant.");
    if (meant.empty())
        return;
    // A misspelled member is read as the member that it resembles, so that no later check reports that one as missing.
    std::size_t const position = find_member(*object->shape, meant).value();
    if (((frame.given | frame.guessed) & bit_of(position)) == 0)
        known_member(frame, *object, position, true);
}

// The member that is meant is given then, with a value that is not known.
void Reader::count_instead(Frame &frame, const RefusedMember &refused)
{
    if (refused.instead.empty())
        return;
    Frame &whose = refused.is_beside ? open[open.size() - 2] : frame;
    const Object &object = std::get<Object>(whose.slot);
    whose.guessed |= bit_of(find_member(*object.shape, refused.instead).value());
}

void Reader::report_duplicate(const std::string &name)
{
    add_problem(Severity::error, "duplicate_member", "member " + shown(name) + " is given twice",
                "Leave one of them out.");
}

// ---- objects and lists ----

bool Reader::open_object()
{
    if (open.size() == deepest)
        return false;
    Slot slot = next();
    if (const WordOrObject *const either = std::get_if<WordOrObject>(&slot))
        slot = Slot(Object(either->object));
    else if (const TextOrObject *const text = std::get_if<TextOrObject>(&slot))
        slot = Slot(Object(text->object));
    bool const is_wanted = std::holds_alternative<Object>(slot);
    if (is_wanted)
        took();
    else
        refuse(slot, "an object");
    open.push_back({is_wanted ? slot : Slot(Ignored()), false});
    return true;
}

bool Reader::open_list()
{
    if (open.size() == deepest)
        return false;
    Slot const slot = next();
    const List *const list = std::get_if<List>(&slot);
    if (list == nullptr) {
        refuse(slot, "a list");
    } else {
        took();
        list->kind->clear(list->into); // a misspelled member may have filled the list
    }
    open.push_back({list == nullptr ? Slot(Ignored()) : slot, true});
    return true;
}

void Reader::close()
{
    Frame const frame = std::move(open.back());
    open.pop_back();
    if (const List *const list = std::get_if<List>(&frame.slot))
        close_list(*list, frame.count);
    else if (const Object *const object = std::get_if<Object>(&frame.slot))
        close_object(*object, frame);
}

void Reader::close_list(const List &list, std::size_t count)
{
    list.kind->finish(list.into);
    const EmptyList &if_empty = *list.if_empty;
    if (count > list.if_long->most)
        add_problem(Severity::error, list.if_long->code, std::string(list.if_long->message) + std::to_string(count));
    if (count > 0 || if_empty.code.empty())
        return;
    add_problem(if_empty.severity, if_empty.code, std::string(if_empty.message));
}

void Reader::close_object(const Object &object, const Frame &frame)
{
    const Shape &shape = *object.shape;
    for (std::size_t i = 0; i < shape.members.size(); ++i) {
        if (!shape.members[i].required || ((frame.given | frame.guessed) & bit_of(i)) != 0)
            continue;
        add_problem(Severity::error, "missing_member",
                    std::string(shape.what) + " lacks the member " + shown(shape.members[i].name));
    }
    if (shape.finish == nullptr)
        return;
    Closing closing(*this, shape, frame, report, notes);
    shape.finish(object.into, closing);
}

} // namespace datasurface::model
