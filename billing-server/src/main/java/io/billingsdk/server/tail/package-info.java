/** What is stored and refused, shown while it happens, by whichever server. */
@NullMarked
package io.billingsdk.server.tail;

import org.jspecify.annotations.NullMarked;
