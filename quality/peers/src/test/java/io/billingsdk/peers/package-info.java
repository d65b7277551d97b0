/** For the authors of billing-sdk: that the comparison counts right. */
@NullMarked
package io.billingsdk.peers;

import org.jspecify.annotations.NullMarked;
