/** For the authors of billing-sdk: this package is internal and may change at any time. */
@NullMarked
package io.billingsdk.internal;

import org.jspecify.annotations.NullMarked;
