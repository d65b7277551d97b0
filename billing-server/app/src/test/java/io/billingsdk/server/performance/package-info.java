/** Tests of the analytics of costs and time, by their records and answers. */
@NullMarked
package io.billingsdk.server.performance;

import org.jspecify.annotations.NullMarked;
