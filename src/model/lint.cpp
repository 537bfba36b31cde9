#include "model/lint.hpp"

#include <map>
#include <string>
#include <string_view>

#include "model/lint_known.hpp"
#include "model/lint_names.hpp"
#include "model/lint_source.hpp"
#include "model/lint_store.hpp"
#include "model/lint_workspace.hpp"

namespace datasurface::model {

namespace {

// Lints each entry of a list of the document by lint_entry(entry, at), and its names.
template <typename Entries, typename LintEntry, typename LintFormer>
void lint_entries(const Entries &entries, const Entries &kept, const std::map<std::size_t, std::string> &were,
                  std::string_view list, std::string_view what, Report &report, LintEntry lint_entry,
                  LintFormer lint_former)
{
    Distinct names(what);
    for (const auto &entry : kept)
        names.take_kept(entry.name);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        Pointer const at = Pointer() / list / i;
        names.add(entries[i].name, at / "name", report);
        if (auto const was = were.find(i); was != were.end())
            lint_former(was->second, at / "was");
        lint_entry(entries[i], at);
    }
}

} // namespace

Problems lint(const Model &document, const Model &kept, CheckInterrupts check_interrupts)
{
    Report report;
    Known const known(document, kept);
    auto const lint_former = [&](std::string_view what) {
        return [&report, what](const std::string &was, const Pointer &at) {
            lint_name(was, at, what, longest_name, report);
        };
    };
    lint_entries(
        document.credentials, kept.credentials, document.credentials_were, "credentials", "a credential", report,
        [&](const Credential &credential, const Pointer &at) { lint_credential(credential, at, report); },
        lint_former("a credential"));
    lint_entries(
        document.sources, kept.sources, document.sources_were, "sources", "a source", report,
        [&](const Source &source, const Pointer &at) { lint_source(source, known, at, report); },
        lint_former("a source"));
    lint_kept_sources(document, kept, report);
    lint_entries(
        document.stores, kept.stores, document.stores_were, "stores", "a store", report,
        [&](const Store &store, const Pointer &at) { lint_store(store, known, at, report, check_interrupts); },
        [&](const std::string &was, const Pointer &at) { lint_stream_owner(was, at, "a store", report); });
    lint_entries(
        document.workspaces, kept.workspaces, document.workspaces_were, "workspaces", "a workspace", report,
        [&](const Workspace &workspace, const Pointer &at) {
            lint_workspace(workspace, known, at, report, check_interrupts);
        },
        lint_former("a workspace"));
    return report.take();
}

} // namespace datasurface::model
