// Canonical JSON, as in write.cpp.
#include "model/write_source.hpp"

#include "model/source_options.hpp"
#include "model/writer.hpp"

namespace datasurface::model {

namespace {

void write_members(Writer &out, const Place &place)
{
    out.member("database").put(place.database);
    out.member("host").put(place.host);
    out.member_unless_empty("hostaddr", place.hostaddr);
    out.member("port").put_whole(place.port);
}

void write_options(Writer &out, const Source &source)
{
    if (source.options.empty())
        return;
    out.member("options").open('{');
    for (const auto &[name, value] : source.options) {
        out.member(name);
        if (is_number(name))
            out.put_whole(std::stoll(value));
        else
            out.put(value);
    }
    out.close('}');
}

void write_members(Writer &out, const Source &source)
{
    if (source.connections)
        out.member("connections").put_whole(*source.connections);
    out.member("credential").put(source.credential);
    out.member("database").put(source.database);
    out.member_unless_empty("description", source.description);
    out.member("host").put(source.host);
    out.member_unless_empty("hostaddr", source.hostaddr);
    out.member("kind").put(word(source.kind));
    out.member("name").put(source.name);
    write_options(out, source);
    out.member_unless_empty("owner", source.owner);
    out.member("port").put_whole(source.port);
    out.member_unless_empty("statement_timeout", source.statement_timeout);
}

void write_members(Writer &out, const Credential &credential)
{
    bool const in_files = credential.kind == CredentialKind::files;
    out.member_unless_empty("description", credential.description);
    if (in_files)
        out.member("directory").put(credential.directory);
    out.member("kind").put(word(credential.kind));
    out.member("name").put(credential.name);
    out.member_unless_empty("owner", credential.owner);
    if (in_files) {
        out.member("roles").put_names(credential.roles);
        out.member("sources").put_objects(credential.sources, [&](const Place &place) { write_members(out, place); });
        return;
    }
    out.member("server").put(credential.server);
}

template <typename Part>
std::string text_with(const Part &part)
{
    Writer out;
    out.open('{');
    write_members(out, part);
    out.close('}');
    return out.take();
}

} // namespace

std::string to_json(const Source &source)
{
    return text_with(source);
}

std::string to_json(const Credential &credential)
{
    return text_with(credential);
}

std::string place_json(const Place &place)
{
    return text_with(place);
}

} // namespace datasurface::model
