// What works of a source.
#include "batch/test_source.hpp"
#include "pg/entry.hpp"
#include "pg/session.hpp"

namespace datasurface::api {

DATASURFACE_FUNCTION(ds_test_source)
{
    std::string const source = call.text(0, "source");
    std::vector<pg::Call::Row> rows;
    pg::as_extension_owner([&] {
        for (const batch::SourceCheck &check : batch::test_source(source))
            rows.push_back({check.check, check.ok, sqltext::or_null(check.detail), sqltext::or_null(check.hint)});
    });
    return call.returns_rows(rows);
}

} // namespace datasurface::api
