/** Tests of the statistics of sessions, users and guests. */
@NullMarked
package io.billingsdk.server.statistics;

import org.jspecify.annotations.NullMarked;
