/** Declined charges in a real database. */
@NullMarked
package io.billingsdk.server.dunning;

import org.jspecify.annotations.NullMarked;
