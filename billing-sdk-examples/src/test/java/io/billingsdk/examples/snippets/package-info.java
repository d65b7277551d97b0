/** For developers of billing-sdk: tests of this package. */
@NullMarked
package io.billingsdk.examples.snippets;

import org.jspecify.annotations.NullMarked;
