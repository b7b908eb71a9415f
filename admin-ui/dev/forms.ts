import type { ArticleList, PlatformForm } from '../src/api/types';

export const FORM: PlatformForm = {
  key: 'wms',
  name: 'Warehouse',
  fields: [
    {
      name: 'baseUrl',
      label: 'Address of the API',
      help: 'As your warehouse told you.',
      type: 'url',
      required: true,
      secret: false,
    },
    { name: 'username', label: 'User name', help: '', type: 'text', required: true, secret: false },
    { name: 'password', label: 'Password', help: '', type: 'password', required: true, secret: true },
    {
      name: 'statuses',
      label: 'Orders that go to the warehouse',
      help: 'An order is sent once it has one of these states.',
      type: 'statuses',
      required: true,
      secret: false,
      options: [
        { value: 'processing', label: 'Processing' },
        { value: 'on-hold', label: 'On hold' },
      ],
      default: ['processing'],
    },
    {
      name: 'matchBySku',
      label: 'Match products by SKU',
      help: 'When exactly one article has the same SKU.',
      type: 'switch',
      required: false,
      secret: false,
      default: true,
    },
  ],
};

export const ARTICLES: ArticleList = {
  rows: [
    {
      productId: 11,
      variationId: 0,
      name: 'Oak table',
      sku: 'OAK-TABLE',
      articleCode: 'OAK-TABLE',
      origin: 'same SKU',
      ordersWaiting: 0,
      suggestions: [],
    },
    {
      productId: 12,
      variationId: 121,
      name: 'Oak chair, natural',
      sku: '',
      articleCode: null,
      origin: null,
      ordersWaiting: 3,
      suggestions: [
        { code: 'OAK-CHAIR-N', name: 'Oak chair natural', why: 'same name' },
        { code: 'OAK-CHAIR-D', name: 'Oak chair dark', why: 'similar name' },
      ],
    },
    {
      productId: 13,
      variationId: 0,
      name: 'Wax',
      sku: 'WAX',
      articleCode: null,
      origin: null,
      ordersWaiting: 0,
      suggestions: [],
    },
  ],
};
