#include "model/lint.hpp"

#include "model/lint_known.hpp"
#include "model/lint_names.hpp"
#include "model/lint_store.hpp"
#include "model/lint_workspace.hpp"

namespace datasurface::model {

Problems lint(const Model &document, const Model &kept, CheckInterrupts check_interrupts)
{
    Report report;
    Known const known(document, kept);
    Distinct stores("a store");
    for (const Store &store : kept.stores)
        stores.take_kept(store.name);
    for (std::size_t i = 0; i < document.stores.size(); ++i) {
        Pointer const at = Pointer() / "stores" / i;
        stores.add(document.stores[i].name, at / "name", report);
        if (auto const was = document.stores_were.find(i); was != document.stores_were.end())
            lint_stream_owner(was->second, at / "was", "a store", report);
        lint_store(document.stores[i], known, at, report, check_interrupts);
    }

    Distinct workspaces("a workspace");
    for (const Workspace &workspace : kept.workspaces)
        workspaces.take_kept(workspace.name);
    for (std::size_t i = 0; i < document.workspaces.size(); ++i) {
        Pointer const at = Pointer() / "workspaces" / i;
        workspaces.add(document.workspaces[i].name, at / "name", report);
        if (auto const was = document.workspaces_were.find(i); was != document.workspaces_were.end())
            lint_name(was->second, at / "was", "a workspace", longest_name, report);
        lint_workspace(document.workspaces[i], known, at, report, check_interrupts);
    }
    return report.take();
}

} // namespace datasurface::model
