#include "model/parse.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "model/read_source.hpp"
#include "model/read_store.hpp"
#include "model/read_workspace.hpp"
#include "model/resolve.hpp"
#include "model/syntax.hpp"

namespace datasurface::model {

namespace {

// We wrote this text. If it is wrong, somebody has changed the catalog.
template <typename Part>
Part part_from_json(std::string_view text, const char *what, Slot (*slot_of)(Part &) = slot)
{
    Report report;
    Part part;
    read_json(text, slot_of(part), report, never_interrupted);
    Problems const problems = report.take();
    if (!has_errors(problems))
        return part;
    std::string detail;
    for (const Problem &problem : problems) {
        if (problem.severity != Severity::error)
            continue;
        detail += detail.empty() ? "" : "\n";
        detail += (problem.pointer.empty() ? "" : problem.pointer + ": ") + problem.message;
    }
    throw Error(sqlstate::internal_error, std::string("the definition of a ") + what + " in the catalog is broken",
                detail);
}

} // namespace

Parsed parse(std::string_view text, CheckInterrupts check_interrupts)
{
    Report report;
    Parsed parsed;
    bool const is_json = read_json(text, slot(parsed.model), report, check_interrupts);
    if (!is_json)
        parsed.model = {};
    parsed.is_whole = is_json && !report.full();
    parsed.problems = report.take();
    return parsed;
}

Store store_from_json(std::string_view text)
{
    Store store = part_from_json<Store>(text, "store");
    resolve(store, {});
    return store;
}

Access access_from_json(std::string_view text)
{
    return part_from_json<Access>(text, "store's access");
}

Dataset dataset_from_json(std::string_view text)
{
    Dataset dataset = part_from_json<Dataset>(text, "dataset", slot_in_catalog);
    resolve(dataset);
    return dataset;
}

Workspace workspace_from_json(std::string_view text)
{
    return part_from_json<Workspace>(text, "workspace");
}

Source source_from_json(std::string_view text)
{
    return part_from_json<Source>(text, "source");
}

Credential credential_from_json(std::string_view text)
{
    return part_from_json<Credential>(text, "credential");
}

} // namespace datasurface::model
