/** The SDK beside other libraries that send events: what a call costs, and what is lost. */
@NullMarked
package io.billingsdk.peers;

import org.jspecify.annotations.NullMarked;
