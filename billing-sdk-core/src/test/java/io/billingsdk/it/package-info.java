/** For the authors of billing-sdk: tests of the whole client against a real broker over TLS. */
@NullMarked
package io.billingsdk.it;

import org.jspecify.annotations.NullMarked;
