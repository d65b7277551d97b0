/** Copies of a data directory, to be restored elsewhere. */
@NullMarked
package io.billingsdk.server.backup;

import org.jspecify.annotations.NullMarked;
