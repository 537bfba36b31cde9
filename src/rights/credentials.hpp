// Who may use a credential: the facts for plan.hpp, and the errors. A load asks, and each connection asks again.
#pragma once

#include <optional>
#include <string>

#include "model/source.hpp"
#include "rights/facts.hpp"

namespace datasurface::rights {

// The role whose members may load it: one of kind files belongs to the owner of the extension.
std::string owner_of_credential(const model::Credential &credential);

// credential: the one that the source names. owner: of a store that is pulled from the source; the role exists.
std::optional<Refusal> refusal_to_use(const std::string &owner, const model::Source &source,
                                      const model::Credential &credential);

// The part of it that is the same for every store: whether the credential is for the place of the source.
std::optional<Refusal> refusal_of_place(const model::Source &source, const model::Credential &credential);

} // namespace datasurface::rights
