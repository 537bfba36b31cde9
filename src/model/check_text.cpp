#include "model/check_text.hpp"

#include "base/text.hpp"

namespace datasurface::model {

bool check_text(const std::string &value, const BlankText &if_blank, std::size_t longest, const Pointer &at,
                Report &report)
{
    if (!if_blank.code.empty() && is_blank(value)) {
        report.error(at, if_blank.code,
                     std::string(if_blank.what) + (value.empty() ? " is empty" : " is blank: it has white space only"));
        return false;
    }
    std::size_t const length = value.size() <= longest ? 0 : characters(value);
    if (length > longest)
        report.error(at, "text_too_long",
                     std::to_string(length) + " characters; " + std::to_string(longest) + " are allowed",
                     "Write a shorter one.");
    return true;
}

} // namespace datasurface::model
