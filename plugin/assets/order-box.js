/**
 * Fills the Tallyman box on an order: one call to the shop, which asks the sidecar.
 *
 * Everything is written as text, never as HTML: warehouses and carriers choose these words.
 */
( function ( wp ) {
	'use strict';

	const { __, sprintf } = wp.i18n;
	const ASK_AGAIN_MS = 4000;
	/** An order that does not move for two minutes will not while somebody looks at it. */
	const ASK_AT_MOST = 30;

	function element( tag, attributes, ...children ) {
		const made = document.createElement( tag );
		for ( const [ name, value ] of Object.entries( attributes ) ) {
			made.setAttribute( name, value );
		}
		made.append( ...children.filter( ( child ) => child !== null ) );
		return made;
	}

	const paragraph = ( text, className = '' ) => element( 'p', { class: className }, text );

	/** The one sentence the box starts with. */
	function stateOf( { waitingSince, status, answer } ) {
		if ( status === 200 ) {
			return answer.sentence;
		}
		if ( waitingSince !== null ) {
			return __( 'Waiting to be handed over.', 'tallyman' );
		}
		if ( status === 404 ) {
			return __( 'The sidecar has not heard of this order. It looks through the shop every 5 minutes and will find it.', 'tallyman' );
		}
		return answer?.message ?? __( 'The sidecar gave no answer.', 'tallyman' );
	}

	/** What stands below the state when it needs another sentence. */
	function notesOf( { waitingSince, status, answer } ) {
		const notes = [];
		if ( waitingSince !== null && status === 200 ) {
			notes.push( __( 'A newer change of this order is waiting to be handed over.', 'tallyman' ) );
		}
		if ( waitingSince !== null && status !== 200 && status !== 404 ) {
			notes.push( answer?.message ?? __( 'The sidecar gave no answer.', 'tallyman' ) );
		}
		return notes.map( ( note ) => paragraph( note ) );
	}

	function whyNotSent( view ) {
		if ( ! view.whyNotSent || view.whyNotSent === view.sentence ) {
			return null;
		}
		return element( 'p', {}, element( 'strong', {}, __( 'Why not sent?', 'tallyman' ) ), ' ', view.whyNotSent );
	}

	function warehouse( { name, remoteNumber, remoteId, status } ) {
		const known = remoteNumber ?? remoteId;
		const value = known === null ? __( 'not there yet', 'tallyman' ) : [ known, status ].filter( Boolean ).join( ', ' );
		return [ element( 'dt', {}, name ), element( 'dd', {}, value ) ];
	}

	function tracking( { code, url } ) {
		// Only web addresses: a link can hold a script as well.
		if ( url === null || ! /^https?:\/\//i.test( url ) ) {
			return element( 'span', {}, code );
		}
		return element( 'a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, code );
	}

	function parcel( { number, carrier, tracking: codes } ) {
		/* translators: %s: the parcel's number at the warehouse. */
		const title = [ sprintf( __( 'Parcel %s', 'tallyman' ), number ), carrier ].filter( Boolean ).join( ', ' );
		return element( 'li', {}, title, ...codes.flatMap( ( code ) => [ ' ', tracking( code ) ] ) );
	}

	function parcels( view ) {
		return view.parcels.length === 0 ? null : element( 'ul', { class: 'tallyman-parcels' }, ...view.parcels.map( parcel ) );
	}

	function sendButton( box, { connectionId, label } ) {
		const button = element( 'button', { type: 'button', class: 'button', 'data-key': connectionId }, label );
		button.addEventListener( 'click', () => send( box, button, connectionId ) );
		return button;
	}

	function links( box, view ) {
		const buttons = box.mayManage && view ? view.actions.map( ( action ) => sendButton( box, action ) ) : [];
		const address = `${ box.page }&tab=jobs&search=${ encodeURIComponent( box.number ) }`;
		const link = element( 'a', { href: address, 'data-key': 'open' }, __( 'Open in Tallyman', 'tallyman' ) );
		return element( 'p', { class: 'tallyman-links' }, ...buttons, link );
	}

	function draw( box, asked ) {
		const view = asked.status === 200 ? asked.answer : null;
		const focused = box.root.contains( document.activeElement ) ? document.activeElement.dataset.key : undefined;
		box.root.replaceChildren(
			paragraph( stateOf( asked ), 'tallyman-state' ),
			...notesOf( asked ),
			...( view === null
				? []
				: [
						whyNotSent( view ),
						element( 'dl', {}, ...view.warehouses.flatMap( warehouse ) ),
						parcels( view ),
				  ].filter( ( part ) => part !== null && part.childNodes.length > 0 ) ),
			links( box, view )
		);
		// What had the focus was replaced; without this a keyboard starts again at the top of the page.
		if ( focused !== undefined ) {
			[ ...box.root.querySelectorAll( '[data-key]' ) ].find( ( one ) => one.dataset.key === focused )?.focus();
		}
	}

	/** Draws only what changed, so that nobody is interrupted while reading. */
	function show( box, asked ) {
		const now = JSON.stringify( asked );
		if ( now !== box.shown ) {
			box.shown = now;
			draw( box, asked );
		}
	}

	const MOVING = [ 'queued', 'running', 'retrying' ];
	const moves = ( { waitingSince, status, answer } ) =>
		waitingSince !== null || ( status === 200 && answer.jobs.some( ( job ) => MOVING.includes( job.state ) ) );

	async function ask( box ) {
		clearTimeout( box.timer );
		let asked;
		try {
			asked = await wp.apiFetch( { path: `/tallyman/v1/orders/${ box.order }` } );
		} catch ( error ) {
			asked = { waitingSince: null, status: 0, answer: { message: error.message } };
		}
		show( box, asked );
		box.asked += 1;
		if ( moves( asked ) && box.asked < ASK_AT_MOST ) {
			box.timer = setTimeout( () => askWhenSeen( box ), ASK_AGAIN_MS );
		}
		return asked;
	}

	function askWhenSeen( box ) {
		if ( document.visibilityState === 'visible' ) {
			ask( box );
		} else {
			document.addEventListener( 'visibilitychange', () => ask( box ), { once: true } );
		}
	}

	async function send( box, button, connectionId ) {
		if ( button.hasAttribute( 'aria-disabled' ) ) {
			return;
		}
		button.setAttribute( 'aria-disabled', 'true' );
		button.classList.add( 'disabled' );
		try {
			await wp.apiFetch( {
				path: `/tallyman/v1/proxy/api/v1/orders/${ box.order }/send`,
				method: 'POST',
				data: { connectionId },
			} );
			box.asked = 0;
			const asked = await ask( box );
			wp.a11y.speak( stateOf( asked ) );
		} catch ( error ) {
			box.root.querySelector( '.tallyman-state' ).textContent = error.message;
			wp.a11y.speak( error.message, 'assertive' );
			button.removeAttribute( 'aria-disabled' );
			button.classList.remove( 'disabled' );
			box.shown = '';
		}
	}

	wp.domReady( () => {
		for ( const root of document.querySelectorAll( '.tallyman-order-box' ) ) {
			const { order, number, page, mayManage } = root.dataset;
			ask( { root, order, number, page, mayManage: mayManage === '1', shown: '', asked: 0, timer: 0 } );
		}
	} );
} )( window.wp );
