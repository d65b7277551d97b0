/**
 * For every package of the server: failures, bounded waiting, counts and logs that a client cannot
 * flood. It knows no other package of the server.
 */
@NullMarked
package io.billingsdk.server.common;

import org.jspecify.annotations.NullMarked;
