/** For the authors of billing-sdk: the relocated jar of core, used as a host would. */
@NullMarked
package io.billingsdk.examples.shaded;

import org.jspecify.annotations.NullMarked;
