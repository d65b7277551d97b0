/** The cases of costs, through the public API alone. */
@NullMarked
package io.billingsdk.costs.cases;

import org.jspecify.annotations.NullMarked;
