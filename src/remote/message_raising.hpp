// Within the room remote: texts and types that come from a source.
#pragma once

namespace datasurface::remote {

// A message of a source, which is in this database's encoding or pretends to be, as UTF-8. Bytes that are no characters become question
// marks, for an error about them would hide the error.
const char *message_to_utf8(const char *text);

// The name of a built-in type, with its modifier; nullptr when this server has none of that OID.
const char *built_in_type(unsigned int oid, int modifier);

// PostgreSQL's name of this database's encoding.
const char *database_encoding();

} // namespace datasurface::remote
