/** For readers of the examples: sums of usage, as both ends of the demo keep them. */
@NullMarked
package io.billingsdk.examples.usage;

import org.jspecify.annotations.NullMarked;
