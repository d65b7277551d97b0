/** For developers of billing-sdk: checks of the README and the pages in {@code docs/}. */
@NullMarked
package io.billingsdk.examples.docs;

import org.jspecify.annotations.NullMarked;
