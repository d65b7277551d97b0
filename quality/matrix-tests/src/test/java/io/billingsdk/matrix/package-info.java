/** For the authors of billing-sdk: the SDK beside the dependencies of others. */
@NullMarked
package io.billingsdk.matrix;

import org.jspecify.annotations.NullMarked;
