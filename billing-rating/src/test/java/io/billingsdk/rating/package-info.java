/** Tests of the rating module. */
@NullMarked
package io.billingsdk.rating;

import org.jspecify.annotations.NullMarked;
