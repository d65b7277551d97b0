/** A feature that is no part of the server, as somebody else would write one. */
@NullMarked
package io.billingsdk.tiny;

import org.jspecify.annotations.NullMarked;
