// Statements as they ought to be, in files that a person can read and a diff can show. White space is not compared: a
// golden file is laid out for reading.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

namespace datasurface {

// Runs of blanks and line ends as one blank, none beside a parenthesis.
inline std::string plain(const std::string &text)
{
    std::string out;
    for (char const c : text) {
        bool const blank = c == ' ' || c == '\n';
        if (blank && (out.empty() || out.back() == ' ' || out.back() == '('))
            continue;
        if (c == ')' && !out.empty() && out.back() == ' ')
            out.pop_back();
        out += blank ? ' ' : c;
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

// The statement of test/unit/golden/<name>.sql: what is left when comments are taken out.
inline std::string golden(const std::string &name)
{
    std::ifstream file("test/unit/golden/" + name + ".sql");
    std::ostringstream text;
    for (std::string line; std::getline(file, line);)
        if (line.rfind("--", 0) != 0)
            text << line << '\n';
    return plain(text.str());
}

} // namespace datasurface
