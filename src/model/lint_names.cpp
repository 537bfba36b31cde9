#include "model/lint_names.hpp"

#include "base/text.hpp"

namespace datasurface::model {

namespace {

void lint_length(const std::string &name, const Pointer &at, std::string_view what, std::size_t longest,
                 const std::string &hint, Report &report)
{
    if (name.size() <= longest)
        return;
    report.error(at, "name_too_long",
                 "the name of " + std::string(what) + " has " + std::to_string(name.size()) + " bytes; " +
                     std::to_string(longest) + " are allowed: " + shown(name),
                 hint);
}

void lint_characters(const std::string &name, const Pointer &at, std::string_view what, Report &report)
{
    if (has_control_character(name))
        report.error(at, "control_character",
                     "the name of " + std::string(what) + " has a control character: " + shown(name),
                     "Line breaks, tabs and the like cannot be seen in a name.");
    if (name.starts_with(' ') || name.ends_with(' '))
        report.warning(at, "blank_around_name",
                       "the name of " + std::string(what) + " begins or ends with a blank: " + shown(name),
                       "Remove the blank: every use of the name would have to include it.");
}

} // namespace

bool is_reserved_schema(std::string_view schema)
{
    return schema.starts_with("pg_") || schema == "information_schema" || schema == "datasurface";
}

void lint_name(const std::string &name, const Pointer &at, std::string_view what, std::size_t longest, Report &report)
{
    lint_length(name, at, what, longest, "Choose a shorter one.", report);
    lint_characters(name, at, what, report);
}

void lint_stream_name(const std::string &name, const Pointer &at, std::string_view what, Report &report)
{
    if (name.find('#') != std::string::npos)
        report.error(at, "hash_in_name", "the name of " + std::string(what) + " has a '#': " + shown(name),
                     "A '#' separates store and dataset in the name of a stream.");
}

void lint_stream_owner(const std::string &name, const Pointer &at, std::string_view what, Report &report)
{
    lint_name(name, at, what, longest_name, report);
    lint_stream_name(name, at, what, report);
}

void lint_housing(const Housing &housing, const Pointer &at, std::string_view what, Report &report)
{
    bool const named_after = housing.schema == housing.name;
    Pointer const schema_at = at / (named_after ? "name" : "schema");
    if (named_after) {
        lint_length(housing.name, at / "name", what, longest_identifier,
                    "Its schema gets the same name; give it a shorter \"schema\" of its own.", report);
        lint_characters(housing.name, at / "name", what, report);
    } else {
        lint_name(housing.name, at / "name", what, longest_name, report);
        lint_name(housing.schema, schema_at, "a schema", longest_identifier, report);
    }
    if (is_reserved_schema(housing.schema))
        report.error(schema_at, "reserved_schema", "schema " + shown(housing.schema) + " is reserved",
                     named_after ? "Its schema gets the same name; give it a \"schema\" of its own."
                                 : "Choose another schema.");
    lint_name(housing.owner, at / "owner", "an owner", longest_identifier, report);
}

void Distinct::add(const std::string &name, const Pointer &at, Report &report, const std::string &hint)
{
    if (name.empty())
        return;
    auto const [first, is_new] = first_at.emplace(name, at);
    if (is_new)
        return;
    const std::string &other = first->second.text();
    std::string const where = other.empty() ? "in the loaded model" : "at " + other;
    report.error(at, "duplicate_name",
                 "the name of " + std::string(what) + " is taken: " + shown(name) + ", first " + where, hint);
}

} // namespace datasurface::model
