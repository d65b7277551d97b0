/** For the authors of billing-sdk: tests of the metrics. */
@NullMarked
package io.billingsdk.micrometer;

import org.jspecify.annotations.NullMarked;
