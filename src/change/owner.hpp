// Another owner of a store. Code that somebody put on a table or view, such as a trigger, would then run with the rights of the new owner.
// So the owner does not change while there is such code.
#pragma once

#include <string>
#include <vector>

#include "change/tables.hpp"

namespace datasurface::change {

// The tables of a dataset, and its as-of function. Throws SF004 when an object belongs to a role that it was not made for, or when
// somebody changed the function.
void change_owner(Tables &tables);

// The steps that give objects another owner are refused while there is code of others on them.
void refuse_code(std::vector<Step> &steps, const std::vector<std::string> &code);

// Throws SF004 when there is code of others on an object that got another owner. Asked behind the change: before it, nothing may have
// kept them from adding some.
void require_no_code(const sqltext::Qualified &object, const std::vector<std::string> &code);

} // namespace datasurface::change
