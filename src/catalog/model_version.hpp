#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datasurface::catalog {

enum class PartKind { store, workspace, source, credential };

std::string_view word(PartKind kind);

struct ModelPart {
    PartKind kind = PartKind::store;
    std::string name;
    std::string digest;
    std::string document; // JSON; empty where only the digest was asked for
};

// Locks the model against other changes until the transaction ends. Waits for the lock.
void lock_model();

std::optional<int> current_version();
// The parts of a version, without their documents.
std::vector<ModelPart> version_parts(int version);
std::string part_document(const std::string &digest);

// Writes a new version of these parts. Documents whose digest is stored already are not written again.
int save_version(const std::vector<ModelPart> &parts, const std::string &loaded_by);

} // namespace datasurface::catalog
