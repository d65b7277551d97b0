/**
 * Events that are stored and refused, shown while that happens, by whichever server. For features
 * that store events, and for the assembly of the server. It owns no tables.
 */
@NullMarked
package io.billingsdk.server.tail;

import org.jspecify.annotations.NullMarked;
