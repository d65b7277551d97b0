/** Tests of the seals. */
@NullMarked
package io.billingsdk.seal;

import org.jspecify.annotations.NullMarked;
