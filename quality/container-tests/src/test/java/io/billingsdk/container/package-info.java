/** For the authors of billing-sdk: the end-to-end test against a broker in a container. */
@NullMarked
package io.billingsdk.container;

import org.jspecify.annotations.NullMarked;
